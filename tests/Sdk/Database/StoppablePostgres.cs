using Slipway.Sdk.Hosting;

namespace Slipway.Sdk.Tests.Database;

/// <summary>A server of its own for tests that stop it under the feet of those who use it.</summary>
public sealed class StoppablePostgres : IAsyncLifetime
{
    public TestPostgres Postgres { get; } = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => Postgres.DisposeAsync();
}
