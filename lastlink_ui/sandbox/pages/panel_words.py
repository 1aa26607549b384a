"""The words of the overview page."""

TITLE = "Sandbox de pagamentos"
INTRO = "Um substituto da Stripe neste computador. Nada aqui move dinheiro."
CLOCK = "Relógio"
NOW = "Agora na sandbox: {now}"
ADVANCE = {86_400: "Avançar 1 dia", 7 * 86_400: "Avançar 7 dias", 31 * 86_400: "Avançar 31 dias"}
SUBSCRIPTIONS = "Assinaturas"
BOLETOS = "Boletos em aberto"
INVOICES = "Faturas"
SESSIONS = "Páginas de pagamento"
CUSTOMERS = "Clientes"
PRICES = "Preços"
ENDPOINTS = "Endereços de webhooks"
UNKNOWN = "Não há objeto com este id"
CHARGES = "Cobranças"
DISPUTES = "Contestações"
REFUNDS = "Reembolsos"
EVENTS = "Eventos"
DELIVERIES = "Entregas de webhooks"
MAILS = "E-mails"
REQUESTS = "Pedidos recebidos"
NONE = "Nada ainda."
TOTALS = "{shown} de {total}"

PAY = "pagar"
VOUCHER = "boleto"
RETRY = "Tentar de novo"
PAY_BOLETO = "Simular pagamento"
EXPIRE_BOLETO = "Simular vencimento"
OPEN_DISPUTE = "Abrir contestação"
WIN = "Ganhar"
LOSE = "Perder"
SETTLE = "Concluir agora"
RENEW = "Renovar agora"
RESEND = "Reenviar"

COLUMNS = {
    "name": "Nome",
    "email": "E-mail",
    "product": "Produto",
    "period": "Período",
    "payment": "Pagamento",
    "address": "Endereço",
    "types": "Tipos de evento",
    "id": "Id",
    "status": "Situação",
    "amount": "Valor",
    "who": "Quem",
    "when": "Quando",
    "until": "Até",
    "object": "Objeto",
    "charge": "Cobrança",
    "type": "Tipo",
    "attempts": "Tentativas",
    "answer": "Resposta",
    "subject": "Assunto",
    "text": "Texto",
    "actions": "Ações",
}
