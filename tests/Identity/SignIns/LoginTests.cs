using System.Net;
using System.Text.Json.Nodes;
using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests.SignIns;

public sealed class LoginTests(TestPostgres postgres) : IAsyncLifetime
{
    private RunningIdentity _identity = null!;

    public async ValueTask InitializeAsync() => _identity = await RunningIdentity.StartAsync(postgres);

    public ValueTask DisposeAsync() => _identity.DisposeAsync();

    [Fact]
    public async Task Somebody_registers_signs_in_and_is_known()
    {
        var email = RunningIdentity.NewEmail();
        var registered = await _identity.RegisterAsync(email);
        var signedIn = await _identity.SignInAsync(email);
        Assert.Equal(3600, signedIn["expiresIn"]!.GetValue<int>());

        var me = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/auth/me", bearer: signedIn["token"]!.GetValue<string>());
        Assert.Equal(email, me["email"]!.GetValue<string>());
        Assert.Equal(registered["user"]!["id"]!.GetValue<string>(), me["id"]!.GetValue<string>());
    }
}
