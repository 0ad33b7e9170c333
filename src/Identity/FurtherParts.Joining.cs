using Slipway.Identity.Administration;
using Slipway.Identity.ApiKeys;
using Slipway.Identity.EmailChanges;
using Slipway.Identity.OAuth;
using Slipway.Identity.Passkeys;
using Slipway.Identity.Privacy;
using Slipway.Identity.Retail;
using Slipway.Identity.Secrets;
using Slipway.Identity.SignIns;
using Slipway.Identity.TwoFactor;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Service;

namespace Slipway.Identity;

internal static partial class FurtherParts
{
    static partial void Add(SlipwayService service, IdentitySettings settings)
    {
        service.Json(TwoFactorJson.Default);
        service.Json(OAuthJson.Default);
        service.Json(ClientJson.Default);
        service.Json(ApiKeyJson.Default);
        service.Json(PrivacyJson.Default);
        service.Json(AdminJson.Default);
        service.Json(PasskeyJson.Default);
        AddTwoFactor(service);
        AddAuthWindow(service, settings);
        AddOAuth(service);
        AddApiKeys(service);
        AddPasskeys(service);
        AddPrivacy(service);
        AddAdministration(service);
    }

    static partial void Map(WebApplication app)
    {
        Discovery.Map(app);
        AuthorizeEndpoint.Map(app);
        TokenEndpoint.Map(app);
        RevokeEndpoint.Map(app);
        UserInfoEndpoint.Map(app);
        SignOutEndpoint.Map(app);
        OAuth.ConsentEndpoints.Map(app);
        UserEndpoints.Map(app);
        ActivityEndpoints.Map(app);
        var strict = app.MapGroup("").TakesNoParameters();
        ClientEndpoints.Map(strict);
        TwoFactorEndpoints.Map(strict);
        ApiKeyEndpoints.Map(strict);
        CheckApiKey.Map(strict);
        ErasureEndpoints.Map(strict);
        Privacy.ConsentEndpoints.Map(strict);
        ExportEndpoint.Map(strict);
        EmailChangeEndpoints.Map(strict);
        Members.Map(strict);
        PasskeyEndpoints.Map(strict);
    }

    private static void AddTwoFactor(SlipwayService service)
    {
        var name = service.Settings.Text("TOTP_ISSUER", "Slipway");
        service.Services.AddSingleton<SecondFactors>();
        service.Services.AddSingleton<ISecondFactor>(provider => provider.GetRequiredService<SecondFactors>());
        service.Services.AddSingleton<PasswordProof>();
        service.Services.AddSingleton(provider => new Enrolment(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<SecondFactors>(),
            provider.GetRequiredService<ActivityLog>(),
            name,
            provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddAuthWindow(SlipwayService service, IdentitySettings settings)
    {
        var rules = new AuthWindowRules(
            settings.Attempts.Limited,
            service.Settings.Number("RETAIL_AUTH_PERMITS", 5, 1, 100_000),
            service.Settings.Seconds("RETAIL_AUTH_SECONDS", 900));
        service.Services.AddSingleton(rules);
        service.Services.AddSingleton<AuthWindow>();
    }

    private static void AddOAuth(SlipwayService service)
    {
        var clients = ClientSeeds.For(service.Addresses);
        service.Services.AddSingleton(clients);
        service.Services.AddSingleton<ClientRegistration>();
        service.Services.AddHostedService(provider => provider.GetRequiredService<ClientRegistration>());
        service.Services.AddSingleton<ClientGate>();
        service.Services.AddSingleton<CodeExchange>();
        service.Services.AddSingleton<Authorization>();
        service.Services.AddSingleton<AnyAudience>();
    }

    private static void AddApiKeys(SlipwayService service)
    {
        var environment = service.Settings.Text("API_KEY_ENVIRONMENT", "live");
        if (!ApiKeyText.IsEnvironment(environment))
        {
            service.Settings.Mistaken($"API_KEY_ENVIRONMENT must have 1 to 12 lower-case letters or digits, not \"{environment}\".");
        }

        service.Services.AddSingleton(provider => new ApiKeys.ApiKeys(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<Accounts.AccountStore>(),
            environment,
            provider.GetRequiredService<TimeProvider>()));
        service.Services.AddSingleton<IApiKeyCheck>(provider => provider.GetRequiredService<ApiKeys.ApiKeys>());
        service.Limit(CheckApiKey.Limit, permits: 6_000, window: TimeSpan.FromMinutes(1));
    }

    private static void AddPasskeys(SlipwayService service)
    {
        var publicAddress = service.Addresses.Public(IdentityService.Name);
        service.Services.AddSingleton<PasskeyOwners>();
        service.Services.AddSingleton(provider => new PasskeyCeremonies(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<PasskeyOwners>(),
            provider.GetRequiredService<ActivityLog>(),
            publicAddress,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Microsoft.AspNetCore.Identity.UserManager<PasskeyOwner>>>()));
        service.Limit(PasskeyEndpoints.Limit, permits: 120, window: TimeSpan.FromMinutes(1), Sdk.Limits.LimitBy.Network);
    }

    private static void AddPrivacy(SlipwayService service)
    {
        var publicAddress = service.Addresses.Public(IdentityService.Name);
        service.Services.AddSingleton(new ErasureLetter(publicAddress));
        service.Services.AddSingleton<Erasures>();
        service.Services.AddSingleton<PersonalExport>();
        service.Services.AddSingleton<Owners>();
        service.Services.AddSingleton<EmailChanges.EmailChanges>();
        service.Services.AddSingleton(provider => new WithdrawalToken(provider.GetRequiredService<Seal>().KeysFor("withdrawal of erasures")));
        PrivacyCommands.AddTo(service);
    }

    private static void AddAdministration(SlipwayService service)
    {
        var email = service.Settings.Text("ADMIN_EMAIL");
        service.Services.AddSingleton<ActivityLog>();
        service.Services.AddSingleton<ActivityReader>();
        service.Services.AddSingleton<AccountChanges>();
        service.Services.AddSingleton(provider => new FirstAdmin(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<ActivityLog>(),
            email,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<FirstAdmin>>()));
        service.Services.AddHostedService(provider => provider.GetRequiredService<FirstAdmin>());
    }
}
