"""What people see and do, by audience: portal for customers, desk and dock for staff, reports for managers."""
