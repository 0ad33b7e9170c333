using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Slipway.Identity.Accounts;
using Slipway.Identity.Administration;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Passkeys;

/// <summary>What a browser is asked to do, as the WebAuthn API takes it.</summary>
internal sealed record PasskeyQuestion(Guid ChallengeId, string OptionsJson);

/// <summary>
/// Making and using passkeys (WebAuthn). The framework's handler checks the cryptography; that the person was verified by the device
/// (finger, face, PIN) is demanded always, so a passkey is two factors at once.
/// </summary>
internal sealed class PasskeyCeremonies : IDisposable
{
    public const string Method = "webauthn";
    public const int PerAccountMax = 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly Database _database;
    private readonly ActivityLog _activity;
    private readonly TimeProvider _time;
    private readonly UserManager<PasskeyOwner> _owners;
    private readonly PasskeyHandler<PasskeyOwner> _handler;

    public PasskeyCeremonies(
        Database database, PasskeyOwners owners, ActivityLog activity, Uri publicAddress, TimeProvider time, ILogger<UserManager<PasskeyOwner>> log)
    {
        (_database, _activity, _time) = (database, activity, time);
        var origin = publicAddress.GetLeftPart(UriPartial.Authority);
        _owners = new UserManager<PasskeyOwner>(
            owners, Options.Create(new IdentityOptions()), null!, [], [], new UpperInvariantLookupNormalizer(), new IdentityErrorDescriber(), null!, log);
        _handler = new PasskeyHandler<PasskeyOwner>(_owners, Options.Create(new IdentityPasskeyOptions
        {
            ServerDomain = publicAddress.Host,
            AuthenticatorTimeout = s_patience,
            UserVerificationRequirement = "required",
            ResidentKeyRequirement = "required",
            AttestationConveyancePreference = "none",
            ValidateOrigin = asked => ValueTask.FromResult(asked.Origin == origin && !asked.CrossOrigin),
        }));
    }

    private static Problem Refused { get; } =
        new(401, "passkeyRefused", "The passkey was not accepted", "The answer of the device is not right, or the question is too old. Try again.");

    public async Task<PasskeyQuestion> AskForNewAsync(HttpContext http, Account account, CancellationToken cancellation)
    {
        var made = await _handler.MakeCreationOptionsAsync(
            new PasskeyUserEntity { Id = account.Id.ToString(), Name = account.EmailTyped, DisplayName = account.Name ?? account.EmailTyped }, http);
        return await KeepAsync(account.Id, made.AttestationState, made.CreationOptionsJson, cancellation);
    }

    public async Task<Outcome<UserPasskeyInfo>> AddAsync(
        HttpContext http, Account account, Guid challengeId, string credentialJson, string name, CancellationToken cancellation)
    {
        var result = await TakeAsync(challengeId, account.Id, cancellation) is { } state
            ? await _handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = credentialJson, AttestationState = state })
            : null;
        if (result is not { Succeeded: true, Passkey.IsUserVerified: true } || result.UserEntity.Id != account.Id.ToString())
        {
            return Refused with { Status = 422 };
        }

        var now = _time.GetUtcNow();
        var refusal = await _database.WriteAsync<Problem?>(
            async (tx, c) =>
            {
                await tx.Command("select 1 from users where id = $1 for update", account.Id).ExecuteAsync(c);
                var count = await tx.Command("select count(*) from passkeys where user_id = $1", account.Id).OneAsync(row => row.GetInt64(0), c);
                if (count >= PerAccountMax)
                {
                    return Problem.Conflict("tooManyPasskeys", "Too many passkeys", $"An account has at most {PerAccountMax} passkeys. Delete one you no longer use.");
                }

                if (await PasskeyRows.AddAsync(tx, account.Id, result.Passkey, name, now, c) == 0)
                {
                    return Problem.Conflict("passkeyExists", "The passkey is known already", "This device has a passkey for an account here already.");
                }

                await _activity.AddAsync(tx, http, account.Id, new Activity("passkey.added", "account", account.Id.ToString()), c);
                return null;
            },
            cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        result.Passkey.Name = name;
        return result.Passkey;
    }

    /// <summary>For whoever has a passkey on the device: which account it is, the device says.</summary>
    public async Task<PasskeyQuestion> AskForAnyAsync(HttpContext http, CancellationToken cancellation)
    {
        var made = await _handler.MakeRequestOptionsAsync(null, http);
        return await KeepAsync(null, made.AssertionState, made.RequestOptionsJson, cancellation);
    }

    public async Task<Outcome<Account>> ProveAsync(HttpContext http, Guid challengeId, string credentialJson, CancellationToken cancellation)
    {
        var result = await TakeAsync(challengeId, null, cancellation) is { } state
            ? await _handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = credentialJson, AssertionState = state })
            : null;
        if (result is not { Succeeded: true, Passkey.IsUserVerified: true, User.Account.IsActive: true })
        {
            return Refused;
        }

        var used = await _database.WriteAsync((tx, c) => PasskeyRows.UsedAsync(tx, result.Passkey, _time.GetUtcNow(), c), cancellation);
        return used == 1 ? result.User.Account : Refused;
    }

    public void Dispose() => _owners.Dispose();

    private async Task<PasskeyQuestion> KeepAsync(Guid? userId, string? state, string optionsJson, CancellationToken cancellation)
    {
        var (id, now) = (Guid.NewGuid(), _time.GetUtcNow());
        await _database.WriteAsync((tx, c) => PasskeyRows.AskAsync(tx, id, userId, state ?? "", now, now + s_patience, c), cancellation);
        return new PasskeyQuestion(id, optionsJson);
    }

    private Task<string?> TakeAsync(Guid id, Guid? userId, CancellationToken cancellation) =>
        _database.WriteAsync((tx, c) => PasskeyRows.TakeAsync(tx, id, userId, _time.GetUtcNow(), c), cancellation);
}
