using Microsoft.Extensions.DependencyInjection.Extensions;
using Slipway.Identity.Accounts;
using Slipway.Identity.Mail;
using Slipway.Identity.Pages;
using Slipway.Identity.PasswordResets;
using Slipway.Identity.Passwords;
using Slipway.Identity.Registrations;
using Slipway.Identity.Retail;
using Slipway.Identity.Secrets;
using Slipway.Identity.Sessions;
using Slipway.Identity.SignIns;
using Slipway.Identity.Todo;
using Slipway.Identity.Tokens;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Service;

namespace Slipway.Identity;

/// <summary>The identity service: accounts, sign-ins, sessions and the tokens that every other service believes.</summary>
public static class IdentityService
{
    public const string Name = "identity";

    internal const string RegisterLimit = "register";
    internal const string MailLimit = "mail";

    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create(Name, args, chosen =>
        {
            options?.Invoke(chosen);
            chosen.Environment = ProfileDefaults.Under(chosen.Environment, args);
        });
        var settings = IdentitySettings.Read(service.Settings);
        service.Services.AddSingleton(settings);
        service.Json(IdentityJson.Default);
        service.Explain(IdentityProblems.All);
        service.UseDatabase(typeof(IdentityService).Assembly);
        service.UseCallers(audience: Name);
        service.UseCors();

        // Both cost us more than the caller: a hash and an account, or a mail to an address of the caller's choice.
        service.Limit(RegisterLimit, permits: 100, window: TimeSpan.FromHours(1), LimitBy.Network);
        service.Limit(MailLimit, permits: 30, window: TimeSpan.FromHours(1), LimitBy.Network);
        AddTokens(service, settings);
        AddPasswords(service.Services, settings);
        AddSignIns(service.Services, settings);
        Mailing.AddTo(service, settings);
        Commands.AddTo(service);
        FurtherParts.AddTo(service, settings);
        service.Services.TryAddSingleton<ISecondFactor, NoSecondFactor>();
        return service;
    }

    public static void Map(WebApplication app)
    {
        KeySet.Map(app);
        TodoSurface.Map(app);
        RetailSurface.Map(app);
        RegistrationEndpoints.Map(app);
        PasswordResetEndpoints.Map(app);
        SessionEndpoints.Map(app);
        AccountEndpoints.Map(app);
        FurtherParts.MapTo(app);
        IdentityPages.Map(app);
    }

    private static void AddTokens(SlipwayService service, IdentitySettings settings)
    {
        var publicAddress = service.Addresses.Public(Name);
        var issuer = publicAddress.GetLeftPart(UriPartial.Authority);
        service.Services.AddSingleton(new Seal(settings.MasterKey, settings.SessionKey, settings.PreviousSessionKey));
        service.Services.AddSingleton(settings.Keys);
        service.Services.AddSingleton<SigningKeyStore>();
        service.Services.AddSingleton<KeyRing>();
        service.Services.AddHostedService(provider => provider.GetRequiredService<KeyRing>());
        service.Check("signing-keys", critical: true, async (services, cancellation) =>
            await services.GetRequiredService<KeyRing>().CanSignAsync(cancellation) ? null : "no signing key can be used");
        service.Services.AddSingleton<ITokenIssuer>(provider =>
            new TokenIssuer(provider.GetRequiredService<KeyRing>(), issuer, provider.GetRequiredService<TimeProvider>()));
        service.Services.Replace(ServiceDescriptor.Singleton<IKeySource, OwnKeys>());
        service.Services.AddSingleton(provider => new IdentityCookie(publicAddress, provider.GetRequiredService<Seal>()));
    }

    private static void AddPasswords(IServiceCollection services, IdentitySettings settings)
    {
        services.AddSingleton(_ => new HashingWorkers(settings.HashWorkers, settings.HashQueue, settings.HashLanes));
        services.AddSingleton(new HashCosts(settings.BcryptRounds, settings.RetailBcryptRounds));
        services.AddSingleton(provider => new PasswordHashing(provider.GetRequiredService<HashingWorkers>(), settings.BcryptRounds));
        services.AddSingleton(provider => new VerifiedCredentials(
            settings.CacheLifetime, settings.CacheSweep, settings.CacheMax, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new JoinedChecks(provider.GetRequiredService<PasswordHashing>(), on: !settings.Baseline));
        services.AddSingleton<PasswordChanges>();
        services.AddSingleton<PendingRegistrations>();
    }

    private static void AddSignIns(IServiceCollection services, IdentitySettings settings)
    {
        services.AddSingleton<AccountStore>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<RefreshTokens>();
        services.AddSingleton<BrowserSessions>();
        services.AddSingleton<AccountCallers>();
        services.AddSingleton(settings.Attempts);
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton(provider => new SignInPictures(provider.GetRequiredService<Database>(), settings.Baseline));
        services.AddSingleton<SignInFigures>();
        services.AddSingleton<PasswordSignIn>();
        services.AddSingleton<TokenSignIn>();
        services.AddSingleton(provider => new LoginTracking(
            provider.GetRequiredService<Database>(), settings.Baseline, provider.GetRequiredService<ILogger<LoginTracking>>()));
        services.AddHostedService(provider => provider.GetRequiredService<LoginTracking>());
        services.AddSingleton<SessionOpening>();
        services.AddSingleton<AccountCreation>();
        services.AddSingleton<OneTimeTokens>();
        services.AddHostedService<Housekeeping>();
    }
}
