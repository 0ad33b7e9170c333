output "cluster" {
  description = "For gcloud container clusters get-credentials."
  value       = module.cluster.name
}

output "database_address" {
  value = module.database.address
}

output "insights_url" {
  value = module.functions.insights_url
}

output "registry" {
  value = module.registry.url
}
