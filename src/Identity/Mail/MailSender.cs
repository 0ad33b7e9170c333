namespace Slipway.Identity.Mail;

/// <summary>Where mail goes. It throws when a mail was not taken.</summary>
internal interface IMailTransport
{
    Task DeliverAsync(DueMail mail, CancellationToken cancellation);
}

/// <summary>The other side refused for good: trying again would not help.</summary>
internal sealed class MailRefusedException(string message) : Exception(message);

/// <summary>Delivers what is due, a few mails at a time; each has a time limit, and a failed one waits longer each time.</summary>
internal sealed partial class MailSender(MailQueue queue, IMailTransport transport, TimeProvider time, ILogger<MailSender> log) : BackgroundService
{
    private const int BatchMax = 10;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var taken = 0;
            try
            {
                var due = await queue.TakeAsync(BatchMax, stoppingToken);
                taken = due.Count;
                foreach (var mail in due)
                {
                    await DeliverAsync(mail, stoppingToken);
                }
            }
#pragma warning disable CA1031 // Without a database there is no mail to send; the next look comes soon.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LookFailed(failure.Message);
                taken = 0;
            }

            if (taken < BatchMax)
            {
                await queue.WaitAsync(s_look, stoppingToken);
            }
        }
    }

    private async Task DeliverAsync(DueMail mail, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(s_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            await transport.DeliverAsync(mail, either.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever went wrong with one mail must not hold back the others.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            var reason = limit.IsCancellationRequested ? $"The mail server took longer than {s_limit.TotalSeconds:0} s." : failure.Message;
            DeliveryFailed(mail.Id, mail.Letter.Kind, mail.Attempts, reason);
            await queue.FailedAsync(mail, reason, forGood: failure is MailRefusedException, stopping);
            return;
        }

        await queue.SentAsync(mail.Id, stopping);
    }

    [LoggerMessage(EventId = 4401, Level = LogLevel.Warning, Message = "Mail {MailId} ({Kind}) was not delivered at attempt {Attempt}: {Reason}")]
    private partial void DeliveryFailed(Guid mailId, string kind, int attempt, string reason);

    [LoggerMessage(EventId = 4402, Level = LogLevel.Warning, Message = "The outgoing mail could not be read: {Reason}")]
    private partial void LookFailed(string reason);
}
