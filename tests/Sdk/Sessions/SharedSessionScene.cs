using Slipway.Sdk.Hosting;

namespace Slipway.Sdk.Tests.Sessions;

/// <summary>One scene for every test about sessions; each has a browser of its own.</summary>
public sealed class SharedSessionScene(TestPostgres postgres) : IAsyncLifetime
{
    private SessionScene _scene = null!;

    /// <summary>The scene, with the identity service as it should be.</summary>
    internal SessionScene Fresh()
    {
        (_scene.Identity.Down, _scene.Identity.Confused, _scene.Identity.WrongNonce, _scene.Identity.Lifetime) = (false, false, null, 600);
        return _scene;
    }

    public async ValueTask InitializeAsync() => _scene = await SessionScene.StartAsync(postgres);

    public ValueTask DisposeAsync() => _scene.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class SessionTestGroup : ICollectionFixture<SharedSessionScene>
{
    public const string Name = "sessions";
}
