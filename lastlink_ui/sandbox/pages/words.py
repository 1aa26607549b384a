"""Every word that a page of the sandbox shows, in Portuguese."""

SANDBOX = "Ambiente de testes"
SANDBOX_NOTE = "Nenhum valor é cobrado aqui: use os cartões de teste."
PAY = "Pagar"
SUBSCRIBE_TO = "Assinar {product}"
PAY_WITH = "Forma de pagamento"
CARD = "Cartão"
BOLETO = "Boleto"
EMAIL = "E-mail"
CARD_NUMBER = "Número do cartão"
EXPIRY = "Validade"
CVC = "CVC"
CARD_NAME = "Nome no cartão"
FULL_NAME = "Nome completo"
TAX_ID = "CPF ou CNPJ"
POSTAL_CODE = "CEP"
ADDRESS = "Endereço"
CITY = "Cidade"
STATE = "Estado"
BACK = "Voltar"
BACK_TO_SHOP = "Voltar à loja"
TERMS = (
    "Ao confirmar, você autoriza a cobrança de {amount} {period}, até cancelar."
    " A próxima cobrança será em {next_date}."
)
BOLETO_NOTE = "O boleto vence em {due_date}. A confirmação pode levar até um dia útil depois do pagamento."
ALREADY_PAID = "Este pagamento já foi concluído"
ALREADY_PAID_NOTE = "Não é preciso pagar de novo."
VOUCHER_ISSUED = "O boleto deste pagamento já foi emitido"
SEE_VOUCHER = "Ver boleto"
EXPIRED = "Esta página de pagamento expirou"
EXPIRED_NOTE = "Volte à loja e comece de novo."
UNKNOWN = "Página não encontrada"
UNKNOWN_NOTE = "O endereço não leva a nenhum pagamento."

EVERY = {
    ("day", 1): "por dia",
    ("week", 1): "por semana",
    ("month", 1): "por mês",
    ("month", 3): "a cada 3 meses",
    ("month", 6): "a cada 6 meses",
    ("year", 1): "por ano",
}
EVERY_MANY = {
    "day": "a cada {n} dias",
    "week": "a cada {n} semanas",
    "month": "a cada {n} meses",
    "year": "a cada {n} anos",
}

DECLINES = {
    "generic_decline": "Seu cartão foi recusado. Tente outro cartão ou fale com o seu banco.",
    "insufficient_funds": "Seu cartão não tem limite ou saldo suficiente. Tente outro cartão.",
    "expired_card": "Seu cartão está vencido. Tente outro cartão.",
    "incorrect_cvc": "O CVC do cartão está incorreto.",
    "test_mode_live_card": "Este não é um cartão de teste. Use, por exemplo, 4242 4242 4242 4242.",
    "authentication_required": "O banco não autorizou o pagamento. Tente de novo ou use outro cartão.",
}
CHECK_FIELDS = "Confira os campos destacados."
BAD_EMAIL = "Informe um e-mail válido."
BAD_NUMBER = "O número do cartão não é válido."
BAD_EXPIRY = "Informe a validade como MM/AA."
PAST_EXPIRY = "A validade do cartão já passou."
BAD_CVC = "Informe os 3 ou 4 dígitos do CVC."
MISSING = "Preencha este campo."
BAD_TAX_ID = "Informe um CPF ou CNPJ válido."
BAD_POSTAL_CODE = "Informe um CEP de 8 dígitos."
BAD_STATE = "Informe a sigla do estado, por exemplo SP."

AUTHENTICATE = "Confirme com o seu banco"
AUTHENTICATE_NOTE = "O banco pede que você autorize esta compra de {amount} (3-D Secure)."
AUTHORIZE = "Autorizar pagamento"
REFUSE = "Recusar"

VOUCHER_TITLE = "Pague o boleto para confirmar"
VOUCHER_LINE = "Linha digitável"
VOUCHER_DUE = "Vencimento"
VOUCHER_AMOUNT = "Valor"
VOUCHER_PAYER = "Pagador"
VOUCHER_PAID = "Boleto pago"
VOUCHER_PAID_NOTE = "Recebemos o pagamento. Você já pode fechar esta página."
VOUCHER_EXPIRED = "Boleto vencido"
VOUCHER_EXPIRED_NOTE = "Este boleto não pode mais ser pago."
SIMULATE_PAYMENT = "Simular pagamento"
SIMULATE_EXPIRY = "Simular vencimento"

PORTAL = "Suas assinaturas"
SUBSCRIPTION = "Assinatura"
RENEWS_ON = "renova em {date}"
ENDS_ON = "termina em {date}"
ENDED = "Esta assinatura terminou."
CANCEL = "Cancelar assinatura"
KEEP = "Manter assinatura"
CHANGE_CARD = "Atualizar cartão"
SAVE_CARD = "Salvar cartão"
INVOICES = "Faturas"
INVOICE = "Fatura {number}"
INVOICE_STATES = {
    "draft": "Rascunho",
    "open": "Em aberto",
    "paid": "Paga",
    "void": "Anulada",
    "uncollectible": "Incobrável",
}
