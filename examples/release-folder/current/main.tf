# What release 4.2.0 runs on.
variable "log" {
  type    = string
  default = "world.log"
}

variable "valkey_size" {
  type = string
}

resource "terraform_data" "network" {
  input = "10.0.0.0/16"
}

resource "terraform_data" "valkey" {
  input = "valkey ${var.valkey_size}"

  provisioner "local-exec" {
    command = "echo valkey >>\"$LOG\"; sleep 1"
    environment = {
      LOG = var.log
    }
  }
}

output "valkey" {
  value = "valkey.internal:6379"
}
