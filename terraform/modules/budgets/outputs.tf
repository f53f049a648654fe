output "budget_name" {
  description = "Name of the budget; null if there is none."
  value       = one([for budget in aws_budgets_budget.monthly : budget.name])
}
