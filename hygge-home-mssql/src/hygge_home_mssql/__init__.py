"""Home mssql for hygge: tables and queries of SQL Server, every type right, at the driver's speed."""
