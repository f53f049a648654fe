# The page: the files of the folder, in a bucket that only the gateway reads.

data "aws_caller_identity" "this" {}

resource "aws_s3_bucket" "page" {
  bucket        = "${local.name}-page-${data.aws_caller_identity.this.account_id}"
  force_destroy = !local.keep_data
}

resource "aws_s3_bucket_public_access_block" "page" {
  bucket                  = aws_s3_bucket.page.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

locals {
  media_types = {
    html = "text/html; charset=utf-8"
    css  = "text/css; charset=utf-8"
    js   = "text/javascript; charset=utf-8"
    svg  = "image/svg+xml"
  }
}

resource "aws_s3_object" "page" {
  for_each = fileset("${path.root}/page", "*")

  bucket       = aws_s3_bucket.page.id
  key          = "page/${each.key}"
  source       = "${path.root}/page/${each.key}"
  source_hash  = filemd5("${path.root}/page/${each.key}")
  content_type = local.media_types[element(split(".", each.key), -1)]
  # Public: the gateway stores it once for everybody. A new page is seen after a minute.
  cache_control = "public, max-age=60"
}
