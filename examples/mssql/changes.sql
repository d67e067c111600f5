UPDATE dbo.demo_customer SET Country = 'NO' WHERE Name = N'Bo';
INSERT INTO dbo.demo_customer (Name, Country) VALUES (N'Liv', 'NO');
UPDATE dbo.demo_order SET Total = 13.00, ModifiedAt = '2026-02-01T08:00:00.000' WHERE OrderId = 1;
INSERT INTO dbo.demo_order (OrderId, CustomerId, Total, ModifiedAt) VALUES (3, 3, 1.00, '2026-01-31T09:59:00.000');
DELETE FROM dbo.demo_country WHERE Code = 'DK';
