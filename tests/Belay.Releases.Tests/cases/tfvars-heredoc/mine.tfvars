policy = <<-EOT
  allow = all
  # no comment of HCL
EOT
size = 1
