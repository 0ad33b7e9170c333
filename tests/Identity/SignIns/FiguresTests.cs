namespace Slipway.Identity.Tests.SignIns;

public sealed class FiguresTests(SharedIdentity shared) : IClassFixture<SharedIdentity>
{
    [Fact]
    public async Task Operators_see_what_comes_of_sign_ins_and_how_often_a_password_was_remembered()
    {
        var email = RunningIdentity.NewEmail();
        await shared.Identity.RegisterAsync(email);
        using (await shared.Identity.LoginAsync(email, "not the password"))
        {
            await shared.Identity.SignInAsync(email);
            await shared.Identity.SignInAsync(email);
        }

        using var answer = await shared.Identity.SendAsync(HttpMethod.Get, "/metrics");
        var metrics = await answer.Content.ReadAsStringAsync();

        Assert.Contains("identity_sign_ins_total{result=\"complete\"} 2", metrics, StringComparison.Ordinal);
        Assert.Contains("identity_sign_ins_total{result=\"refused\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("identity_credentials_lookups_total{result=\"hit\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("identity_credentials_lookups_total{result=\"miss\"} 2", metrics, StringComparison.Ordinal);
        Assert.Contains("identity_passwords_waiting", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(email, metrics, StringComparison.Ordinal);
    }
}
