using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests;

/// <summary>One service for all tests of a class: <c>IClassFixture&lt;SharedIdentity&gt;</c>. Each test uses accounts of its own.</summary>
public class SharedIdentity(TestPostgres postgres) : IAsyncLifetime
{
    public RunningIdentity Identity { get; private set; } = null!;

    protected virtual TimeProvider? Time => null;

    protected virtual (string Name, string Value)[] Settings => [];

    public async ValueTask InitializeAsync() => Identity = await RunningIdentity.StartAsync(postgres, Time, Settings);

    public async ValueTask DisposeAsync()
    {
        await Identity.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The same with a clock that tests may put forward; what they do to it holds for the rest of the class.</summary>
public class TimedIdentity(TestPostgres postgres) : SharedIdentity(postgres)
{
    internal ShiftedTime Clock { get; } = new();

    protected override TimeProvider Time => Clock;
}
