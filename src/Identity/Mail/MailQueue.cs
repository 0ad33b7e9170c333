using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Identity.Mail;

/// <summary>
/// Mail waits in the database, queued in the transaction of the change it tells about: a change without its mail or a mail without its
/// change cannot happen. Delivery is at least once; a mail may arrive twice after a crash between delivery and the note of it.
/// </summary>
internal sealed class MailQueue(Database database, TimeProvider time) : IDisposable
{
    public const int AttemptsMax = 10;
    public const int PerAddressMax = 5;

    private static readonly TimeSpan s_perAddressWindow = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>False when the address already got its share of this kind; nothing is queued then.</summary>
    public async Task<bool> AddAsync(NpgsqlTransaction transaction, MailLetter letter, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var command = transaction.Command(
            """
            insert into outgoing_mail (id, kind, to_address, subject, text_body, html_body, language, created_at, next_attempt_at)
            select $1, $2, $3, $4, $5, $6, $7, $8, $8
            where (select count(*) from outgoing_mail where lower(to_address) = lower($3) and kind = $2 and created_at > $9) < $10
            """,
            Guid.CreateVersion7(now), letter.Kind, letter.To, letter.Subject, letter.Text, letter.Html, letter.Language, now, now - s_perAddressWindow, PerAddressMax);
        return await command.ExecuteAsync(cancellation) > 0;
    }

    /// <summary>Says that something was queued and committed, so that it need not wait for the next look.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            try
            {
                _wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else was as quick; one look takes both mails.
            }
        }
    }

    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => _wake.WaitAsync(atMost, cancellation);

    /// <summary>Takes what is due and puts its next attempt off, so that no other instance takes it meanwhile.</summary>
    public Task<List<DueMail>> TakeAsync(int max, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return database.WriteAsync(
            (transaction, c) => transaction.Command(
                """
                update outgoing_mail set attempts = attempts + 1,
                    next_attempt_at = $1 + least(interval '1 minute' * power(2, attempts), interval '6 hours')
                where id in (
                    select id from outgoing_mail where next_attempt_at <= $1 and sent_at is null and given_up_at is null
                    order by next_attempt_at limit $2 for update skip locked)
                returning id, kind, to_address, language, subject, text_body, html_body, created_at, attempts
                """,
                now, max).ListAsync(Read, c),
            cancellation);
    }

    public Task SentAsync(Guid id, CancellationToken cancellation) =>
        database.WriteAsync(
            (transaction, c) => transaction.Command(
                "update outgoing_mail set sent_at = $2, text_body = '', html_body = '', last_error = null where id = $1",
                id, time.GetUtcNow()).ExecuteAsync(c),
            cancellation);

    public Task FailedAsync(DueMail mail, string reason, bool forGood, CancellationToken cancellation) =>
        database.WriteAsync(
            (transaction, c) => transaction.Command(
                """
                update outgoing_mail set last_error = $2,
                    given_up_at = case when $3 then $4 end,
                    text_body = case when $3 then '' else text_body end,
                    html_body = case when $3 then '' else html_body end
                where id = $1
                """,
                mail.Id, reason.Length > 500 ? reason[..500] : reason, forGood || mail.Attempts >= AttemptsMax, time.GetUtcNow()).ExecuteAsync(c),
            cancellation);

    public void Dispose() => _wake.Dispose();

    private static DueMail Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        new MailLetter(row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6)),
        row.GetFieldValue<DateTimeOffset>(7),
        row.GetInt32(8));
}
