using Microsoft.Extensions.DependencyInjection;
using Slipway.Identity.Privacy;
using Slipway.Sdk.Auditing;

namespace Slipway.Identity.Tests.Privacy;

public sealed class AuditKeepingTests(TimedIdentity shared) : IClassFixture<TimedIdentity>
{
    [Fact]
    public async Task The_daily_job_lets_audit_entries_go_after_seven_years_and_the_rest_still_holds()
    {
        await shared.Identity.RegisterAsync(RunningIdentity.NewEmail());
        var trail = shared.Identity.Service.Services.GetRequiredService<AuditTrail>();
        var written = (await trail.VerifyAsync(default)).Value;
        shared.Clock.Advance(TimeSpan.FromDays(7 * 366));
        await shared.Identity.RegisterAsync(RunningIdentity.NewEmail());
        var links = (await trail.VerifyAsync(default)).Value;
        Assert.True(links > written);

        Assert.Equal(0, await PrivacyCommands.PurgeAsync(shared.Identity.Service.Services, default));

        Assert.Equal(links, (await trail.VerifyAsync(default)).Value);
        Assert.Equal($"{links - written}", await shared.Identity.Database.TextAsync("select count(*) from slipway.audit_entries"));
    }
}
