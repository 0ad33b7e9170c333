using Slipway.Sdk.Service;

namespace Slipway.Identity.Mail;

/// <summary>Chooses where mail goes: to the server of SMTP_URL, else into the spool folder.</summary>
internal static class Mailing
{
    public static void AddTo(SlipwayService service, IdentitySettings settings)
    {
        IMailTransport? server = null;
        if (settings.SmtpUrl is { } url)
        {
            if (SmtpAddress.Parse(url).Is(out var address, out var problem))
            {
                server = new SmtpTransport(address, settings.MailFrom);
            }
            else
            {
                service.Settings.Mistaken(problem.Detail);
            }
        }

        service.Services.AddSingleton(services => server ?? new SpoolFolder(settings.MailSpool, settings.MailFrom, services.GetRequiredService<ILogger<SpoolFolder>>()));
        service.Services.AddSingleton<MailQueue>();
        service.Services.AddHostedService<MailSender>();
        service.Services.AddSingleton(new Letters(service.Addresses.Public(IdentityService.Name)));
    }
}
