// Asks where a variable file sets what riglet reads of an image, and whether it is text: each rule fails on purpose, and
// Packer answers with the place of the value. The variables have no type, or Packer would turn 1.10 into "1.1" first.

variable "version" {
  validation {
    condition     = jsonencode(var.version) == ""
    error_message = "This sets version."
  }
  validation {
    condition     = can(regex("^\"", jsonencode(var.version)))
    error_message = "No text for version."
  }
}

variable "architecture" {
  validation {
    condition     = jsonencode(var.architecture) == ""
    error_message = "This sets architecture."
  }
  validation {
    condition     = can(regex("^\"", jsonencode(var.architecture)))
    error_message = "No text for architecture."
  }
}

variable "instance_type" {
  validation {
    condition     = jsonencode(var.instance_type) == ""
    error_message = "This sets instance_type."
  }
  validation {
    condition     = can(regex("^\"", jsonencode(var.instance_type)))
    error_message = "No text for instance_type."
  }
}
