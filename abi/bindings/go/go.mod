module libclv.org/clv

go 1.21
