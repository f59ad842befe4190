// For Packer 1.10 and newer, once: packer init packer/plugins.pkr.hcl. It stands apart from the images because the
// Packer that `make setup` builds has no plugin installer, and would insist on running it.
packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = ">= 1.3.0"
    }
  }
}
