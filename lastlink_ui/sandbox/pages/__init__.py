"""The pages that people see: payment, voucher, portal, and the overview at the root."""
