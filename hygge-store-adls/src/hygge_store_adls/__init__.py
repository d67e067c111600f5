"""Stores adls and onelake for hygge: tables settle in Azure Data Lake Storage Gen2 and in OneLake."""
