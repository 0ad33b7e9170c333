using System.Net;
using System.Text.Json.Nodes;
using Slipway.Identity.TwoFactor;
using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests.TwoFactor;

public sealed class AuthWindowTests(TestPostgres postgres)
{
    [Fact]
    public async Task The_shop_takes_five_sign_ins_of_any_outcome_in_a_quarter_of_an_hour_and_a_second_factor_begins_anew()
    {
        var time = new LeapingTime();
        await using var identity = await RunningIdentity.StartAsync(postgres, time);
        var person = await Person.SignedInAsync(identity, time);
        for (var call = 0; call < 5; call++)
        {
            await identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/users/login", RunningIdentity.Credentials(person.Email));
        }

        using var refused = await identity.SendAsync(HttpMethod.Post, "/api/users/login", RunningIdentity.Credentials(person.Email.ToUpperInvariant()));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.FromMinutes(13));

        // Somebody else behind the same network is not in the way.
        var other = await Person.RegisterAsync(identity, time);
        await identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/users/login", RunningIdentity.Credentials(other.Email));

        time.Leap(TimeSpan.FromMinutes(15));
        await person.SignInAsync();
        await person.EnrolAsync();
        for (var call = 0; call < 8; call++)
        {
            time.Leap(TimeSpan.FromMinutes(1));
            var credentials = RunningIdentity.Credentials(person.Email);
            credentials["totpCode"] = person.NextCode();
            await identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/users/login", credentials);
        }
    }

    [Fact]
    public async Task Registering_counts_too()
    {
        await using var identity = await RunningIdentity.StartAsync(postgres);
        var body = RunningIdentity.Credentials(RunningIdentity.NewEmail());
        body["firstName"] = "A";
        body["lastName"] = "B";
        body["gdprConsent"] = true;
        await identity.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/api/v1/users/register", body);
        for (var call = 0; call < 4; call++)
        {
            await identity.JsonAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/api/v1/users/register", body.DeepClone());
        }

        await identity.JsonAsync(HttpStatusCode.TooManyRequests, HttpMethod.Post, "/api/v1/users/register", body.DeepClone());
    }
}
