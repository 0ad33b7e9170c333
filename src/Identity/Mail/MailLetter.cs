namespace Slipway.Identity.Mail;

/// <summary>A mail as it will be sent. <see cref="Kind"/> is what the limit per address counts.</summary>
internal sealed record MailLetter(string Kind, string To, string Language, string Subject, string Text, string Html);

/// <summary>A mail that is due, as the queue hands it to the sender.</summary>
internal sealed record DueMail(Guid Id, MailLetter Letter, DateTimeOffset CreatedAt, int Attempts);
