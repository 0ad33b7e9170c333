# Built for the architecture of the cluster, whatever the builder's own is.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish apps/titanic/Titanic.Api -c Release -r linux-x64 --no-self-contained -p:PublishReadyToRun=true -o /app

# No shell, no package manager, an unprivileged user: what is not in the image cannot be misused and need not be transferred.
FROM --platform=linux/amd64 mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
ENV PORT=5000
EXPOSE 5000 8888
ENTRYPOINT ["dotnet", "Titanic.Api.dll"]
