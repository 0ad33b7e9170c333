using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Slipway.Identity.Tests;

public sealed class HousekeepingTests(TimedIdentity shared) : IClassFixture<TimedIdentity>
{
    [Fact]
    public async Task What_has_served_its_time_goes_and_accounts_stay()
    {
        var email = RunningIdentity.NewEmail();
        await shared.Identity.RegisterAsync(email);
        using (await shared.Identity.LoginAsync(email, "not the password"))
        {
            await Eventually.HoldsAsync("the sign-in is noted", async () => await CountAsync("login_events") == "1");
        }

        var keeping = shared.Identity.Service.Services.GetServices<IHostedService>().OfType<Housekeeping>().Single();
        Assert.Equal(0, await keeping.TidyAsync(default));

        shared.Clock.Advance(TimeSpan.FromDays(60));
        await keeping.TidyAsync(default);
        Assert.Equal("0", await CountAsync("failed_attempts"));
        Assert.Equal("0", await CountAsync("one_time_tokens"));
        Assert.Equal("0", await CountAsync("outgoing_mail"));
        Assert.Equal("1", await CountAsync("sessions"));
        Assert.Equal("1", await CountAsync("login_events"));

        shared.Clock.Advance(TimeSpan.FromDays(130));
        await keeping.TidyAsync(default);
        Assert.Equal("0", await CountAsync("sessions"));
        Assert.Equal("0", await CountAsync("refresh_tokens"));
        Assert.Equal("0", await CountAsync("login_events"));
        await shared.Identity.SignInAsync(email);
    }

    private Task<string> CountAsync(string table) => shared.Identity.Database.TextAsync($"select count(*) from {table}");
}
