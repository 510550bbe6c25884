"""Looking across: what trainers see of their groups, and what each member can see that they see."""
