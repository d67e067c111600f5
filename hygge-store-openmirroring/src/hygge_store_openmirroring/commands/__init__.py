"""``hygge mirror``: what there is to do with a landing zone besides publishing into it."""
