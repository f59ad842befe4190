"""A package for each AWS service that the rehearsal does itself; `fixes` mends services that are left to moto."""
