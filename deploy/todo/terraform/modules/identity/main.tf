variable "project" { type = string }

locals {
  accounts = {
    workload = ["roles/logging.logWriter", "roles/monitoring.metricWriter", "roles/artifactregistry.reader"]
    database = ["roles/logging.logWriter", "roles/monitoring.metricWriter"]
    function = ["roles/logging.logWriter", "roles/run.invoker", "roles/run.developer"]
  }
  grants = merge([for account, roles in local.accounts : { for role in roles : "${account} ${role}" => { account = account, role = role } }]...)
}

resource "google_service_account" "todo" {
  for_each   = local.accounts
  account_id = "todo-app-${each.key}"
}

resource "google_project_iam_member" "todo" {
  for_each = local.grants
  project  = var.project
  role     = each.value.role
  member   = "serviceAccount:${google_service_account.todo[each.value.account].email}"
}

output "workload_account" { value = google_service_account.todo["workload"].email }
output "database_account" { value = google_service_account.todo["database"].email }
output "function_account" { value = google_service_account.todo["function"].email }
