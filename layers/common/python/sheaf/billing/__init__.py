"""What a workspace issues and owes: invoices, estimates, credit notes and bills, and how they are paid."""
