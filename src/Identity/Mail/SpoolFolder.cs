namespace Slipway.Identity.Mail;

/// <summary>Puts mail into a folder, one <c>.eml</c> file each, where no mail server is set up: for trying things out and for tests.</summary>
internal sealed class SpoolFolder(string folder, string from) : IMailTransport
{
    public async Task DeliverAsync(DueMail mail, CancellationToken cancellation)
    {
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
    }
}
