# For an emulator of AWS.
s3_use_path_style = true
force_destroy     = true

# The provider takes a minute to make sure of a rule for old versions.
keep_old_states_days = null

# No repository deploys to a laptop, independent of github.auto.tfvars.
github = null
