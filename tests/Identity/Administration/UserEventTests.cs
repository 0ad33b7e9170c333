using System.Net;
using System.Text.Json.Nodes;
using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests.Administration;

public sealed class UserEventTests(TestPostgres postgres)
{
    /// <summary>The sink is closed, so what was written stays in the outbox to be looked at.</summary>
    [Fact]
    public async Task With_a_sink_every_change_of_an_account_is_written_with_it_and_tells_nothing_personal()
    {
        await using var identity = await RunningIdentity.StartAsync(postgres, null, ("K_SINK", "http://127.0.0.1:9/"));
        var person = await Person.SignedInAsync(identity);
        await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Put, "/api/v1/account/consents", new JsonObject { ["marketingConsent"] = true });

        var events = await identity.Database.TextAsync(
            $"select string_agg(event::jsonb ->> 'type', ' ' order by position) from slipway.outbox where partition_key = '{person.Id}'");
        Assert.Equal("slipway.identity.user.created.v1 slipway.identity.user.updated.v1", events);
        Assert.Equal("0", await identity.Database.TextAsync($"select count(*) from slipway.outbox where event::text like '%{person.Email}%'"));
    }
}
