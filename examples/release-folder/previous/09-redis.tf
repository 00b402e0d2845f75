variable "redis_size" {
  type    = string
  default = "small"
}

resource "terraform_data" "redis" {
  input = "redis ${var.redis_size}"
}
