namespace Slipway.Identity.Mail;

/// <summary>
/// Puts mail into a folder, one <c>.eml</c> file each, where no mail server is set up: for trying things out and for tests. The log says
/// where each one lies.
/// </summary>
/// <param name="asked">Null makes a folder of this process's own: instances may run as different users, who cannot share one.</param>
internal sealed partial class SpoolFolder(string? asked, string from, ILogger<SpoolFolder> log) : IMailTransport
{
    private readonly Lazy<string> _folder = new(() => asked ?? Directory.CreateTempSubdirectory("slipway-mail-").FullName);

    public async Task DeliverAsync(DueMail mail, CancellationToken cancellation)
    {
        var folder = _folder.Value;

        // The files hold links that let people in.
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var path = Path.Combine(folder, $"{mail.Id}.eml");
        var unfinished = path + ".part";
        await using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(MimeMessage.Write(mail, from), cancellation);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        Spooled(mail.Letter.Kind, path);
    }

    [LoggerMessage(EventId = 4403, Level = LogLevel.Information, Message = "No mail server is set up (SMTP_URL), so the mail ({Kind}) lies in {File}")]
    private partial void Spooled(string kind, string file);
}
