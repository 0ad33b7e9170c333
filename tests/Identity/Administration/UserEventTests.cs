using System.Net;
using System.Text.Json.Nodes;
using Slipway.Identity.Privacy;
using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests.Administration;

public sealed class UserEventTests(TestPostgres postgres)
{
    /// <summary>The broker is closed, so what was written stays in the outbox to be looked at.</summary>
    private static readonly (string, string) s_broker = ("SLIPWAY_EVENTS", "http://127.0.0.1:9/default");

    [Fact]
    public async Task Every_change_of_an_account_is_told_to_its_topic_with_number_and_role_and_nothing_personal()
    {
        await using var identity = await RunningIdentity.StartAsync(postgres, null, s_broker);
        var person = await Person.SignedInAsync(identity);
        await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Put, "/api/v1/account/consents", new JsonObject { ["marketingConsent"] = true });

        var events = await EventsAsync(identity, person.Id);

        Assert.Equal(["slipway.retail.user.created.v1", "slipway.retail.user.updated.v1"], events.Select(told => told["type"]!.GetValue<string>()));
        Assert.Equal("user-events", await identity.Database.TextAsync($"select string_agg(distinct topic, ' ') from slipway.outbox where partition_key = '{person.Id}'"));
        Assert.All(events, told => Assert.Equal($$"""{"userId":"{{person.Id}}","role":"customer","active":true}""", told["data"]!.ToJsonString()));
        Assert.Equal("0", await identity.Database.TextAsync($"select count(*) from slipway.outbox where event::text like '%{person.Email}%'"));
    }

    [Fact]
    public async Task A_new_role_travels_with_its_event()
    {
        await using var identity = await RunningIdentity.StartAsync(postgres, null, s_broker);
        var (admin, person) = (await Person.AdminAsync(identity), await Person.RegisterAsync(identity));

        await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Put, $"/api/v1/users/{person.Id}/role", new JsonObject { ["role"] = "vendor" });

        var told = (await EventsAsync(identity, person.Id))[^1];
        Assert.Equal("vendor", told["data"]!["role"]!.GetValue<string>());
        Assert.True(long.Parse(told["sequence"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture) > 1);
    }

    [Fact]
    public async Task An_account_that_is_closed_is_told_so_and_its_erasure_by_number_alone()
    {
        var time = new ShiftedTime();
        await using var identity = await RunningIdentity.StartAsync(postgres, time, s_broker);
        var person = await Person.SignedInAsync(identity, time);
        await person.JsonAsync(HttpStatusCode.Accepted, HttpMethod.Post, "/api/v1/account/erasure", new JsonObject { ["password"] = RunningIdentity.Password });
        time.Advance(TimeSpan.FromDays(31));
        await PrivacyCommands.PurgeAsync(identity.Service.Services, default);

        var events = await EventsAsync(identity, person.Id);

        Assert.False(events[^2]["data"]!["active"]!.GetValue<bool>());
        Assert.Equal("slipway.retail.user.deleted.v1", events[^1]["type"]!.GetValue<string>());
        Assert.Equal($$"""{"userId":"{{person.Id}}"}""", events[^1]["data"]!.ToJsonString());
    }

    private static async Task<List<JsonNode>> EventsAsync(RunningIdentity identity, Guid person) =>
        [.. JsonNode.Parse(await identity.Database.TextAsync(
            $"select coalesce(json_agg(event::json order by position), '[]')::text from slipway.outbox where partition_key = '{person}'"))!.AsArray().Select(told => told!)];
}
