using Retail.Payments;

return await PaymentsService.Create(args).RunAsync(PaymentsService.Map);
