# docker buildx bake -f deploy/todo/docker/bake.hcl, from the root of the sources.
variable "PROJECT_ID" {
  default = "todo-app-project"
}

group "default" {
  targets = ["auth", "frontend", "todo"]
}

target "_service" {
  context   = "."
  platforms = ["linux/amd64"]
}

target "auth" {
  inherits   = ["_service"]
  dockerfile = "deploy/todo/docker/auth.Dockerfile"
  tags       = ["gcr.io/${PROJECT_ID}/todo-app-auth:optimized-v4"]
}

target "frontend" {
  inherits   = ["_service"]
  dockerfile = "deploy/todo/docker/frontend.Dockerfile"
  tags       = ["gcr.io/${PROJECT_ID}/todo-app-frontend:updated-v2"]
}

target "todo" {
  inherits   = ["_service"]
  dockerfile = "deploy/todo/docker/todo.Dockerfile"
  tags       = ["gcr.io/${PROJECT_ID}/todo-app-todo:v1", "gcr.io/${PROJECT_ID}/todo-app-todo:latest"]
}
