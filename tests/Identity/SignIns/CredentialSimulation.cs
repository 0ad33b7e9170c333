using System.Net;
using System.Text.Json.Nodes;
using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests.SignIns;

/// <summary>
/// Two instances that remember credentials, one account, and everything that can happen to it in a random order. A model of a few lines
/// says who may come in; no remembered password may ever say otherwise.
/// </summary>
public sealed class CredentialSimulation(CredentialSimulation.Lenient shared) : IClassFixture<CredentialSimulation.Lenient>
{
    private const int Steps = 120;
    private const int LockAfter = 4;

    private static readonly TimeSpan s_lock = TimeSpan.FromMinutes(15);

    public sealed class Lenient(TestPostgres postgres) : TimedIdentity(postgres)
    {
        protected override (string Name, string Value)[] Settings =>
            [("LOCK_AFTER_FAILURES", $"{LockAfter}"), ("FAILURES_PER_ADDRESS", "100000"), ("FAILURES_PER_NETWORK", "100000"), ("CACHE_TTL_SECONDS", "100000")];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_remembered_password_never_lets_in_what_the_account_does_not(int seed)
    {
        var random = new Random(seed);
        await using var other = await shared.Identity.AnotherAsync(shared.Clock);
        RunningIdentity[] instances = [shared.Identity, other];
        var model = new Model(RunningIdentity.NewEmail());
        await shared.Identity.RegisterAsync(model.Email, model.Password);
        var accepted = 0;

        for (var step = 0; step < Steps; step++)
        {
            var instance = instances[random.Next(2)];
            switch (random.Next(20))
            {
                case 0:
                    await ChangePasswordAsync(instance, model, step);
                    break;
                case 1:
                    model.Active = !model.Active;
                    await SetActiveAsync(model);
                    break;
                case 2:
                    shared.Clock.Advance(TimeSpan.FromMinutes(random.Next(20)));
                    break;
                case 3 or 4:
                    await LoginAsync(instance, model, model.Earlier[random.Next(model.Earlier.Count)], seed, step);
                    break;
                case 5 or 6:
                    await LoginAsync(instance, model, "not the password at all", seed, step);
                    break;
                default:
                    accepted += await LoginAsync(instance, model, model.Password, seed, step) ? 1 : 0;
                    break;
            }
        }

        Assert.True(accepted > 0, $"seed {seed}: nobody ever came in, so the run shows nothing");
    }

    private async Task<bool> LoginAsync(RunningIdentity instance, Model model, string password, int seed, int step)
    {
        var expected = model.Judge(password, shared.Clock.GetUtcNow());
        using var response = await instance.LoginAsync(model.Email, password);
        Assert.True(
            response.StatusCode == (expected ? HttpStatusCode.OK : HttpStatusCode.Unauthorized),
            $"seed {seed}, step {step}: {(int)response.StatusCode} for {(password == model.Password ? "the" : "another")} password; {model}");
        return expected;
    }

    private async Task ChangePasswordAsync(RunningIdentity instance, Model model, int step)
    {
        if (!model.Judge(model.Password, shared.Clock.GetUtcNow()))
        {
            return;
        }

        var signedIn = await instance.SignInAsync(model.Email, model.Password);
        var wanted = $"password number {step}";
        await instance.JsonAsync(
            HttpStatusCode.NoContent,
            HttpMethod.Put,
            "/auth/password",
            new JsonObject { ["currentPassword"] = model.Password, ["newPassword"] = wanted },
            signedIn["token"]!.GetValue<string>());
        model.Earlier.Add(model.Password);
        model.Password = wanted;
    }

    /// <summary>As an administrator's tool would, past every instance.</summary>
    private Task SetActiveAsync(Model model) => shared.Identity.Database.ExecuteAsync(
        $"update users set is_active = {model.Active} where email = '{model.Email}'");

    private sealed class Model(string email)
    {
        private int _failures;
        private DateTimeOffset _lockedUntil;

        public string Email => email;

        public string Password { get; set; } = "the first password";

        public List<string> Earlier { get; } = ["never the password"];

        public bool Active { get; set; } = true;

        public bool Judge(string password, DateTimeOffset now)
        {
            var locked = now < _lockedUntil;
            if (password == Password && Active && !locked)
            {
                _failures = 0;
                return true;
            }

            if (!locked && ++_failures == LockAfter)
            {
                (_failures, _lockedUntil) = (0, now + s_lock);
            }

            return false;
        }

        public override string ToString() => $"active {Active}, failures {_failures}, locked until {_lockedUntil:O}";
    }
}
