"""Looking over a landing zone for what Fabric would refuse, or might; each rule has a code."""
