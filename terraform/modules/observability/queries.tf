locals {
  # One file a query, as Logs Insights shows it.
  queries = { for file in fileset(path.module, "queries/*.txt") : trimsuffix(basename(file), ".txt") => file if var.saved_queries }
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each = local.queries

  name            = "${var.name}/${each.key}"
  log_group_names = [var.function.log_group_name]
  query_string    = file("${path.module}/${each.value}")
}
