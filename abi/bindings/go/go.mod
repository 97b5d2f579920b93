module clv

go 1.21
