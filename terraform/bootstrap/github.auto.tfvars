# The repository whose GitHub Actions plan and deploy, once you ask for it: docs/github-actions.md.
#
#   gh api repos/example/gateway --jq '.id,.owner.id'
#
# github = {
#   repository    = "example/gateway"
#   repository_id = "456789" # the first number
#   owner_id      = "123456" # the second
# }
