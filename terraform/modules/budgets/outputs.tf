output "budget_name" {
  description = "Name of the budget; null where there is nobody to tell."
  value       = one([for budget in aws_budgets_budget.monthly : budget.name])
}
