CREATE TABLE dbo.demo_country (Code char(2) NOT NULL PRIMARY KEY, Name nvarchar(50) NOT NULL);
CREATE TABLE dbo.demo_customer (
    CustomerId int IDENTITY NOT NULL PRIMARY KEY,
    Name nvarchar(100) NOT NULL,
    Country char(2) NULL,
    Ver rowversion NOT NULL
);
CREATE TABLE dbo.demo_order (
    OrderId bigint NOT NULL PRIMARY KEY,
    CustomerId int NOT NULL,
    Total decimal(12, 2) NOT NULL,
    ModifiedAt datetime2(3) NOT NULL
);
INSERT INTO dbo.demo_country (Code, Name) VALUES ('DK', N'Danmark'), ('NO', N'Norge');
INSERT INTO dbo.demo_customer (Name, Country) VALUES (N'Søren', 'DK'), (N'Åse', 'NO'), (N'Bo', NULL);
INSERT INTO dbo.demo_order (OrderId, CustomerId, Total, ModifiedAt) VALUES
    (1, 1, 12.50, '2026-01-31T10:00:00.000'), (2, 2, 99.95, '2026-01-31T10:00:00.003');
