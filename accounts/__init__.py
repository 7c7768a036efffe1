"""People who sign in: users, their roles, and which storefronts staff work for."""
