using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Slipway.Identity.Tests.Sessions;

/// <summary>What an instance with a new session key makes of what one with the old key gave out.</summary>
public sealed class SessionKeyRotationTests(SharedIdentity shared) : IClassFixture<SharedIdentity>
{
    private readonly RunningIdentity _before = shared.Identity;

    [Fact]
    public async Task A_page_opened_before_a_change_of_keys_can_still_change_something_after_it()
    {
        var person = await Person.SignedInAsync(_before);
        await using var after = await AfterAsync(keep: true);

        Assert.Equal(HttpStatusCode.OK, await PatchAsync(after, person));
    }

    [Fact]
    public async Task Without_the_key_before_it_the_page_has_to_be_loaded_again()
    {
        var person = await Person.SignedInAsync(_before);
        await using var after = await AfterAsync(keep: false);

        Assert.Equal(HttpStatusCode.Forbidden, await PatchAsync(after, person));
    }

    [Fact]
    public async Task An_exchange_repeated_after_a_change_of_keys_gives_the_token_that_was_given_out_before_it()
    {
        var first = (await _before.RegisterAsync(RunningIdentity.NewEmail()))["refreshToken"]!.GetValue<string>();
        var second = await ExchangeAsync(_before, first);
        await using var after = await AfterAsync(keep: true);

        Assert.Equal(second, await ExchangeAsync(after, first));
        Assert.NotEqual(second, await ExchangeAsync(after, second));
    }

    private Task<RunningIdentity> AfterAsync(bool keep)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        return keep
            ? _before.AnotherAsync(null, ("SESSION_KEY", key), ("SESSION_KEY_PREVIOUS", _before.Environment["SESSION_KEY"]!))
            : _before.AnotherAsync(null, ("SESSION_KEY", key));
    }

    private static async Task<HttpStatusCode> PatchAsync(RunningIdentity identity, Person person)
    {
        using var answer = await person.At(identity).SendAsync(HttpMethod.Patch, "/api/v1/account", new JsonObject { ["firstName"] = "Ada" }, ("If-Match", "*"));
        return answer.StatusCode;
    }

    private static async Task<string> ExchangeAsync(RunningIdentity identity, string token) =>
        (await identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/auth/refresh", new JsonObject { ["refreshToken"] = token }))["refreshToken"]!.GetValue<string>();
}
