# Built for the architecture of the cluster, whatever the builder's own is.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN dotnet publish apps/todo/Todo.Web -c Release -r linux-x64 --no-self-contained -p:PublishReadyToRun=true -o /app

# No shell, no package manager, an unprivileged user: what is not in the image cannot be misused and need not be transferred.
FROM --platform=linux/amd64 mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
ENV PORT=8080
EXPOSE 8080
ENTRYPOINT ["dotnet", "Todo.Web.dll"]
